import { addressOf, type Parameters, problemFrom } from '../server.ts'

/** Sends a file and tells how much of it has gone, from 0 to 1, which `fetch` cannot. Throws as other answers do. */
export function sendFile<T>(
  path: string,
  parameters: Parameters,
  file: File,
  onProgress: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', addressOf(path, parameters))
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('accept-language', document.documentElement.lang)
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total))
    request.addEventListener('error', () => reject(new Error('the connection failed')))
    request.addEventListener('load', () => {
      const { status, responseText } = request
      if (status >= 200 && status < 300) resolve(JSON.parse(responseText) as T)
      else reject(problemFrom(status, request.getResponseHeader('content-type'), responseText))
    })
    request.send(file)
  })
}
